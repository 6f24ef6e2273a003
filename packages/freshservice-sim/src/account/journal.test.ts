import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createSimulator, type Simulator } from '../simulator.ts';

function stateFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'freshservice-sim-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'state.jsonl');
}

function open(file: string): Simulator {
  const sim = createSimulator({ apiKey: 'key', samples: false, stateFile: file });
  onTestFinished(() => sim.close());
  return sim;
}

test('people, changes and forgotten ids are there again without a proper end', () => {
  const file = stateFile();
  const first = open(file);
  const kept = first.state.create({ first_name: 'Kept', primary_email: 'kept@example.test' });
  first.state.save({ ...kept, job_title: 'Nurse' });
  const gone = first.state.create({ first_name: 'Gone', primary_email: 'gone@example.test' });
  first.state.forget(gone.id);
  const second = open(file);
  expect(second.state.users.all('everyone')).toEqual(first.state.users.all('everyone'));
  expect(second.state.users.byAddress('kept@example.test')).toMatchObject([
    { id: kept.id, job_title: 'Nurse' },
  ]);
  expect(second.state.create({ first_name: 'Next' }).id).toBe(gone.id + 1);
});

test('opening compacts; a reset empties', () => {
  const file = stateFile();
  const first = open(file);
  const user = first.state.create({ first_name: 'A' });
  for (let index = 0; index < 20; index += 1) first.state.save({ ...user, job_title: `Title ${index}` });
  expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(23);
  const second = open(file);
  expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(3);
  second.state.reset();
  expect(open(file).state.users.size('everyone')).toBe(1);
});

test('a file that grows long is compacted while it is open', () => {
  const file = stateFile();
  const { state } = open(file);
  const user = state.create({ first_name: 'A' });
  for (let index = 0; index < 10_050; index += 1) state.save({ ...user, job_title: `Title ${index}` });
  expect(readFileSync(file, 'utf8').trim().split('\n').length).toBeLessThan(200);
  expect(open(file).state.users.get(user.id)?.job_title).toBe('Title 10049');
});

test('a torn last line is a change that was never answered; any other broken line is an error', () => {
  const file = stateFile();
  open(file).state.create({ first_name: 'A' });
  appendFileSync(file, '{"user":{"id":210000');
  expect(open(file).state.users.size('everyone')).toBe(2);
  appendFileSync(file, 'nonsense\n');
  expect(() => open(file)).toThrow(/:4 is not a line/);
});
