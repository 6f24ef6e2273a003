// Whether the processes of an `up` answer that they are ready.
import type { RunFile } from '@fresh-scim/runtime';
import * as z from 'zod';
import { ask } from './ask.ts';
import type { Answer } from './ask.ts';
import { notChecked, ok, wrong } from './check.ts';
import type { Check } from './check.ts';

const FIX = 'Look at the log of that process in the folder logs/ of the data folder.';
const notReady = z.object({ problems: z.array(z.string()) });

/** The processes that are known of: those of the `up` of this data folder. */
export async function examineProcesses(run: RunFile | undefined): Promise<Check[]> {
  if (run === undefined) {
    const why = 'No "up" runs in the data folder; ask /readyz of each process where it runs.';
    return [notChecked('processes', why)];
  }
  const ready = Object.entries(run.opsPorts).map(async ([name, port]) =>
    judgeReady(name, port, await ask(`http://127.0.0.1:${port}/readyz`)),
  );
  return Promise.all([...ready, examineConsole(run.consoleUrl)]);
}

async function examineConsole(url: string): Promise<Check> {
  return judgeConsole(url, await ask(url));
}

/** An answer of /readyz. */
export function judgeReady(process: string, port: number, answer: Answer): Check {
  const name = `${process} is ready`;
  if ('failure' in answer) {
    return wrong(name, `Nothing answers on port ${port} (${answer.failure}).`, `Is it running? ${FIX}`);
  }
  if (answer.status === 200) return ok(name);
  return wrong(name, `${process} says: ${problemsIn(answer.body) ?? `status ${answer.status}`}.`, FIX);
}

/** Any page will do, the one to sign in included. */
export function judgeConsole(url: string, answer: Answer): Check {
  const name = 'console answers';
  if ('failure' in answer) return wrong(name, `Nothing answers at ${url} (${answer.failure}).`, FIX);
  return answer.status < 500 ? ok(name) : wrong(name, `${url} answers with status ${answer.status}.`, FIX);
}

function problemsIn(body: string): string | undefined {
  try {
    return notReady.parse(JSON.parse(body)).problems.join('; ');
  } catch {
    // Another program than ours answers there, and its words mean nothing here.
    return undefined;
  }
}
