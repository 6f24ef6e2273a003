/**
 * HEALTHCHECK of the container image: is the process of this container ready? Exits 0 or 1 and prints what the process
 * says, which the engine keeps. A container runs one process of ours, so that only one of the three ports answers.
 * `node scripts/image-health.ts [URL]`: another address is asked instead, where the process has no /readyz.
 */
const WITHIN_MS = 4_000;
const SHOWN_MAX = 2_000;

const { SCIM_OPS_PORT = '9101', WORKER_OPS_PORT = '9102', CONSOLE_OPS_PORT = '9103' } = process.env;
const [, , url] = process.argv;
const urls =
  url === undefined
    ? [SCIM_OPS_PORT, WORKER_OPS_PORT, CONSOLE_OPS_PORT].map((port) => `http://127.0.0.1:${port}/readyz`)
    : [url];

/** What was answered; undefined when nobody listens or nothing came in time. */
async function ask(url: string): Promise<{ ok: boolean; text: string } | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(WITHIN_MS) });
    return { ok: response.ok, text: await response.text() };
  } catch (error) {
    // "fetch failed" and a time-out are the same to whoever asks: not ready.
    if (error instanceof TypeError || error instanceof DOMException) return undefined;
    throw error;
  }
}

const answers = (await Promise.all(urls.map(ask))).filter((answer) => answer !== undefined);
process.stdout.write(
  `${
    answers
      .map(({ text }) => text)
      .join('\n')
      .slice(0, SHOWN_MAX) || 'nothing answers'
  }\n`,
);
process.exitCode = answers.some(({ ok }) => ok) ? 0 : 1;
