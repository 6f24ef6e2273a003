export { buildConsole } from './app.ts';
export type { ConsoleOptions } from './app.ts';
export { consolePasswordPath, readOrCreatePassword } from './password.ts';
