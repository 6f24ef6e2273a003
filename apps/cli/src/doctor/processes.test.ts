import { expect, test } from 'vitest';
import { judgeConsole, judgeReady } from './processes.ts';

const answer = (status: number, body = '') => ({ status, contentType: 'application/json', body, at: null });

test.each([
  [answer(200, '{"ready":true,"problems":[]}'), 'ok', undefined],
  [answer(503, '{"ready":false,"problems":["a","b"]}'), 'problem', 'worker says: a; b.'],
  [answer(404, '<html>'), 'problem', 'worker says: status 404.'],
  [{ failure: 'ECONNREFUSED' }, 'problem', 'Nothing answers on port 9102 (ECONNREFUSED).'],
])('a process that answers %j', (found, state, problem) => {
  const check = judgeReady('worker', 9102, found);
  expect([check.state, check.problem]).toEqual([state, problem]);
});

test.each([
  [answer(200), 'ok'],
  [answer(302), 'ok'],
  [answer(500), 'problem'],
  [{ failure: 'timeout' }, 'problem'],
])('a console that answers %j: %s', (found, state) => {
  expect(judgeConsole('http://127.0.0.1:8081', found).state).toBe(state);
});
