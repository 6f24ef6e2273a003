import { expect, test } from 'vitest';
import { toLanguage } from './language.ts';

test.for([
  // Freshservice's own codes
  ['en', 'en'],
  ['zh-CN', 'zh-CN'],
  ['ES-la', 'es-LA'],
  ['ja_jp', 'ja-JP'],
  ['cy-GB', 'cy-GB'],
  // a region that Freshservice lacks
  ['en-US', 'en'],
  ['de-AT', 'de'],
  ['fr_CA', 'fr'],
  ['de_DE.UTF-8', 'de'],
  ['ca_ES@valencia', 'ca'],
  ['sl-Latn-SI-nedis', 'sl'],
  // a language that Freshservice has with a region only
  ['ja', 'ja-JP'],
  ['sv', 'sv-SE'],
  ['sv-FI', 'sv-SE'],
  ['nb', 'nb-NO'],
  ['no', 'nb-NO'],
  ['nn-NO', 'nb-NO'],
  ['ru-KZ', 'ru-RU'],
  ['cy', 'cy-GB'],
  ['pt', 'pt-PT'],
  ['pt-AO', 'pt-PT'],
  ['pt_BR', 'pt-BR'],
  ['pt-Latn-BR', 'pt-BR'],
  // two kinds of Spanish
  ['es', 'es'],
  ['es-ES', 'es'],
  ['es-MX', 'es-LA'],
  ['es-419', 'es-LA'],
  ['es-US', 'es-LA'],
  ['es-GQ', 'es'],
  // one script of Chinese
  ['zh', 'zh-CN'],
  ['zh-Hans', 'zh-CN'],
  ['zh-SG', 'zh-CN'],
  ['zh-Hans-HK', 'zh-CN'],
  ['zh-Hant', undefined],
  ['zh-TW', undefined],
  ['zh_HK', undefined],
  // lists of preferences
  ['de-AT,en;q=0.9', 'de'],
  ['he, en;q=0.5, fr;q=0.8', 'fr'],
  ['en;q=0.1,de;Q=1', 'de'],
  ['fr;q=0, it;q=0.2', 'it'],
  ['zh-TW, zh;q=0.9', 'zh-CN'],
  ['*', undefined],
  // no language of Freshservice
  ['he', undefined],
  ['tlh', undefined],
  ['upd-1f2e3d4c', undefined],
  ['English', undefined],
  ['constructor', undefined],
  ['en;q=x', undefined],
  ['', undefined],
  [' , ;', undefined],
] as const)('%j is %j', ([value, code]) => {
  expect(toLanguage(value)).toBe(code);
});
