/** Languages as directories write them -> Freshservice's codes. Pure. */

/** All that Freshservice has (documentation: requester fields, language). */
const CODES = `
  ar ca zh-CN cs da nl en et fi fr de hu id it ja-JP ko nb-NO pl pt-BR pt-PT ru-RU sk sl es es-LA sv-SE
  th tr vi cy-GB`
  .trim()
  .split(/\s+/);
const CODE_BY_TAG: ReadonlyMap<string, string> = new Map(CODES.map((code) => [code.toLowerCase(), code]));

/** Where a code has a region, the language alone means this one. Norwegian is written as Bokmål by most. */
const CODE_BY_LANGUAGE: ReadonlyMap<string, string> = new Map([
  ...CODES.filter((code) => !code.includes('-')).map((code) => [code, code] as const),
  ['cy', 'cy-GB'],
  ['ja', 'ja-JP'],
  ['nb', 'nb-NO'],
  ['nn', 'nb-NO'],
  ['no', 'nb-NO'],
  ['pt', 'pt-PT'],
  ['ru', 'ru-RU'],
  ['sv', 'sv-SE'],
  ['zh', 'zh-CN'],
]);

/** Latin America as a whole (419), its Spanish-speaking countries, and the United States. */
const LATIN_AMERICA: ReadonlySet<string | undefined> = new Set(
  '419 AR BO CL CO CR CU DO EC GT HN MX NI PA PE PR PY SV US UY VE'.split(' '),
);

/** Languages looked at in one value. */
const CHOICES_MAX = 20;

/**
 * Freshservice's code for a language tag (`en-US`, `pt_BR`, `zh-Hans`) or for the first of a list of preferences that
 * has one (`de-AT,en;q=0.9`). A regional form that Freshservice lacks becomes the language's own, but never another
 * script: Chinese in traditional characters has no code. `undefined` when there is none.
 */
export function toLanguage(value: string): string | undefined {
  for (const tag of preferredFirst(value)) {
    const code = CODE_BY_TAG.get(tag.toLowerCase()) ?? nearestCode(tag);
    if (code !== undefined) return code;
  }
  return undefined;
}

/** RFC 9110 §12.5.4: `q` from 0 (not at all) to 1, which is also the default; equals stay in their order. */
function preferredFirst(value: string): string[] {
  return value
    .split(',', CHOICES_MAX)
    .map((choice) => {
      const [tag = '', ...parameters] = choice.split(';').map((part) => part.trim());
      const q = parameters.find((parameter) => /^q=/i.test(parameter))?.slice(2);
      return { tag: toTag(tag), weight: q === undefined ? 1 : Number(q) };
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);
}

/** `de_DE.UTF-8@euro`, as POSIX systems have it, is `de-DE`. */
function toTag(text: string): string {
  return (text.split(/[.@]/, 1)[0] ?? '').replaceAll('_', '-');
}

function nearestCode(tag: string): string | undefined {
  const locale = toLocale(tag);
  if (locale === undefined) return undefined;
  const { language, region } = locale;
  if (language === 'es' && LATIN_AMERICA.has(region)) return 'es-LA';
  if (language === 'pt' && region === 'BR') return 'pt-BR';
  if (language === 'zh' && locale.maximize().script !== 'Hans') return undefined;
  return CODE_BY_LANGUAGE.get(language);
}

function toLocale(tag: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(tag);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
