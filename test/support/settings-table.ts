/** The table of settings in docs/operations.md, as the code has it. */
import { allowedValues, SETTINGS } from '@fresh-scim/connections';

/** Rows of a markdown table: setting, default, allowed values, what it decides. */
export const settingsRows = (): string[][] =>
  SETTINGS.map((setting) => [
    `\`${setting.key}\``,
    setting.default === '' ? '' : `\`${setting.default}\``,
    allowedValues(setting),
    setting.doc,
  ]);
