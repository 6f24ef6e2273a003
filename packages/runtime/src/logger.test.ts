import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.ts';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown> {
  const lines: string[] = [];
  write(createLogger({ name: 'test', destination: { write: (line) => void lines.push(line) } }));
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '') as Record<string, unknown>;
}

describe('createLogger', () => {
  it('writes one JSON object with the process, the level and the time', () => {
    const line = logged((logger) => logger.info({ connection: 'c1' }, 'started'));
    expect(line).toMatchObject({ name: 'test', level: 'info', connection: 'c1', msg: 'started' });
    expect(Date.parse(String(line['time']))).toBeGreaterThan(0);
  });

  it.each([
    ['headers', { authorization: 'Bearer abc' }],
    ['connection', { apiKey: 'abc' }],
    ['connection', { api_key: 'abc' }],
    ['user', { userName: 'abc' }],
    ['requester', { primary_email: 'abc', secondary_emails: ['abc'] }],
    ['requester', { first_name: 'abc', mobile_phone_number: 'abc' }],
    ['deep', { a: { b: { c: { scimToken: 'abc' } } } }],
  ])('removes private fields of %s', (name, value) => {
    expect(JSON.stringify(logged((logger) => logger.warn({ [name]: value }, 'x')))).not.toContain('abc');
  });

  it('removes addresses and bearer tokens from texts, also from an error and its stack', () => {
    const error = new Error('409 for ines.o’neil+x@contoso.com with Bearer abc.def');
    const text = JSON.stringify(
      logged((logger) => logger.error({ err: error }, 'cannot update ines@contoso.com')),
    );
    expect(text).not.toMatch(/ines|contoso|abc/);
    expect(text).toContain('409');
  });

  it('keeps what an operator needs of an error, and nothing that a library hung on it', () => {
    const error = Object.assign(new Error('ERR no'), {
      code: 'EX',
      command: { args: ['private'] },
      cause: new Error('c'),
    });
    const line = logged((logger) => logger.error(error));
    expect(line['err']).toMatchObject({
      type: 'Error',
      message: 'ERR no',
      code: 'EX',
      cause: { message: 'c' },
    });
    expect(JSON.stringify(line)).not.toContain('private');
  });

  it.each<[string, (logger: ReturnType<typeof createLogger>, error: unknown) => void]>([
    ['alone', (logger, error) => logger.error(error)],
    ['without a text', (logger, error) => logger.error({ err: error })],
    ['with a text', (logger, error) => logger.error({ err: error, route: '/Users' }, 'unexpected')],
    ['as a cause', (logger, error) => logger.error(new Error('unexpected', { cause: error }))],
  ])('tells of JSON that cannot be read only where it was read, %s', (_how, write) => {
    const line = logged((logger) => {
      try {
        JSON.parse('{"familyName": Barros\n    at home}');
      } catch (error) {
        write(logger, error);
      }
    });
    const text = JSON.stringify(line);
    expect(text).not.toMatch(/Barros|familyName|home/);
    expect(text).toContain('"type":"SyntaxError"');
    expect(text).toContain('logger.test.ts');
  });

  it('ends on a value that contains itself', () => {
    const loop: { self?: unknown } = {};
    loop.self = loop;
    expect(JSON.stringify(logged((logger) => logger.info({ loop }, 'x')))).toContain('[deeper]');
  });
});
