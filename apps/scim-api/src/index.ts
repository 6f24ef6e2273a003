export { buildScimApi, type ScimApiOptions } from './app.ts';
