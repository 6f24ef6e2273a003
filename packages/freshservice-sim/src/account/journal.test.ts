import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

test('departments, locations and fields are there again, and their ids are not given twice', () => {
  const file = stateFile();
  const first = open(file).state;
  const care = first.departments.create({ name: 'Care' });
  first.departments.save({ ...care, description: 'Wards' });
  const gone = first.departments.create({ name: 'Gone' });
  first.departments.remove(gone.id);
  first.locations.remove(21_000_090_200);
  const mill = first.locations.create({ name: 'Mill', parent_location_id: 21_000_090_210 });
  first.fields.remove(21_000_000_401);
  first.fields.remove(21_000_000_402);
  const shift = first.fields.create({ name: 'shift', type: 'custom_dropdown', choices: ['Day'] });
  // The first opening replays the changes, the second reads the compacted file.
  for (const { state } of [open(file), open(file)]) {
    expect(state.departments.all()).toEqual(first.departments.all());
    expect(state.departments.byName('care')).toMatchObject([{ id: care.id, description: 'Wards' }]);
    expect([...state.departments.searchable()]).toHaveLength(4);
    expect(state.locations.all()).toEqual(first.locations.all());
    expect(state.locations.get(mill.id)?.parent_location_id).toBe(21_000_090_210);
    expect(state.fields.all()).toEqual([shift]);
  }
  expect(open(file).state.departments.create({ name: 'Next' }).id).toBe(gone.id + 1);
});

test('a file of the first format has the departments, locations and fields of a new account', () => {
  const file = stateFile();
  const { state } = open(file);
  const [owner] = state.users.all('everyone');
  const lines = [{ format: 1, nextId: 21_000_000_009 }, { user: owner }, { forgotten: 21_000_000_005 }];
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const opened = open(file).state;
  expect(opened.users.all('everyone')).toEqual([owner]);
  expect(opened.create({ first_name: 'Next' }).id).toBe(21_000_000_009);
  expect([opened.departments.size, opened.locations.size, opened.fields.size]).toEqual([3, 3, 2]);
});

test('opening compacts; a reset empties', () => {
  const file = stateFile();
  const first = open(file);
  const user = first.state.create({ first_name: 'A' });
  for (let index = 0; index < 20; index += 1) first.state.save({ ...user, job_title: `Title ${index}` });
  expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(31);
  const second = open(file);
  expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(11);
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
  expect(() => open(file)).toThrow(/:12 is not a line/);
});
