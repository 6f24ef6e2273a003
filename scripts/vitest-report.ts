/** What a run of vitest came to, read from its JSON report. */
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';

/** How many tests passed and failed. */
export interface Tests {
  readonly passed: number;
  readonly failed: number;
  /** The failed ones by file and name, each with the first line of what was wrong. */
  readonly failures: readonly string[];
}

/** What of vitest's JSON report is read. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

/** Reads a report; zeros when there is none, because the run ended early or had no tests. File names are told from `root`. */
export async function readReport(path: string, root: string): Promise<Tests> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { passed: 0, failed: 0, failures: [] };
    throw error;
  }
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(text) as Report;
  const failures = testResults.flatMap(({ name, status, message = '', assertionResults }) => {
    const failed = assertionResults.filter((one) => one.status === 'failed');
    const file = relative(root, name);
    // A file that does not load has no tests that could fail.
    if (status === 'failed' && failed.length === 0) return [`${file}: ${firstLine(message)}`];
    return failed.map(
      ({ fullName, failureMessages = [] }) => `${file} > ${fullName}: ${firstLine(failureMessages[0] ?? '')}`,
    );
  });
  return { passed: numPassedTests, failed: numFailedTests, failures };
}

const firstLine = (text: string): string => text.split('\n', 1)[0]?.slice(0, 300) ?? '';
