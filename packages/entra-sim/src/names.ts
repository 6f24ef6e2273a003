// Word lists that people are made of. A name is [as written, in the letters of an address]; Latin names need no second half.

/** A word as people write it, and its spelling within an e-mail address (a-z only). */
export type Word = readonly [written: string, ascii: string];

/** Names that occur together: given name and family name of one script. */
export interface NameSet {
  readonly given: readonly Word[];
  readonly family: readonly Word[];
}

/** Latin letters that do not decompose into a base letter and a mark. */
const LETTERS: Readonly<Record<string, string>> = { ł: 'l', ø: 'o', ß: 'ss', ð: 'd', đ: 'd', ı: 'i' };

const plain: NameSet = {
  given: latin(
    'Ines Jonas Mira Tomas Amara Grace Owen Nadia Felix Priya Kofi Elena Marcus Leila Ruth Samuel',
  ),
  family: latin(
    'Okafor Brandt Lindgren Mbeki Harper Costa Novak Ferreira Haddad Walsh Rossi Tanaka Silva Meyer',
  ),
};

const diacritics: NameSet = {
  given: latin('José Zoë Łukasz Søren Jürgen Çağla Renée Nuño Håkon Šárka Ștefan Győző Aðalbjörg Thảo'),
  family: latin(
    'Müller Ångström Dvořák Núñez Şahin Øvergård Weiß Wałęsa Björnsdóttir Nguyễn Gonçalves Ţiriac',
  ),
};

const cyrillic: NameSet = {
  given: [
    ['Анна', 'anna'],
    ['Дмитрий', 'dmitrii'],
    ['Оксана', 'oksana'],
    ['Юрий', 'yurii'],
  ],
  family: [
    ['Коваленко', 'kovalenko'],
    ['Щербаков', 'shcherbakov'],
    ['Иванова', 'ivanova'],
    ['Цветкова', 'tsvetkova'],
  ],
};

const arabic: NameSet = {
  given: [
    ['فاطمة', 'fatima'],
    ['يوسف', 'yusuf'],
    ['ليلى', 'layla'],
    ['عمر', 'omar'],
  ],
  family: [
    ['الحداد', 'alhaddad'],
    ['بن علي', 'benali'],
    ['المصري', 'almasri'],
    ['خوري', 'khoury'],
  ],
};

const japanese: NameSet = {
  given: [
    ['花子', 'hanako'],
    ['𠮷太郎', 'yoshitaro'], // a character beyond the basic plane: two UTF-16 units
  ],
  family: [
    ['山田', 'yamada'],
    ['渡邊', 'watanabe'],
  ],
};

const chinese: NameSet = {
  given: [
    ['伟', 'wei'],
    ['美玲', 'meiling'],
  ],
  family: [
    ['王', 'wang'],
    ['欧阳', 'ouyang'],
  ],
};

const korean: NameSet = {
  given: [
    ['지우', 'jiwoo'],
    ['서연', 'seoyeon'],
  ],
  family: [
    ['김', 'kim'],
    ['박', 'park'],
  ],
};

/** Half of the people have a plain Latin name, the others one of another kind. */
export const NAME_SETS: readonly NameSet[] = [
  ...Array.from({ length: 6 }, () => plain),
  diacritics,
  cyrillic,
  arabic,
  japanese,
  chinese,
  korean,
];

/** Family names with an apostrophe, which an address may carry too; one is typographic. */
export const APOSTROPHE_NAMES: readonly Word[] = [
  ["O'Neil", "o'neil"],
  ["D'Angelo", "d'angelo"],
  ["N'Diaye", "n'diaye"],
  ['O’Brien', 'obrien'],
];

/** Names of people who use only one. */
export const SINGLE_NAMES: readonly Word[] = latin('Suharto Björk Teller Zendaya Madhuri Pelé');

/** Parts of which very long family names are joined. */
export const LONG_NAME_PARTS: readonly Word[] = latin(
  'Wolfeschlegelsteinhausenbergerdorff Cavendish Montmorency Featherstonehaugh Zakrzewska Papadimitriou',
);

/** Job titles; some hold what a careless writer would escape wrongly. */
export const TITLES = [
  'Field Engineer',
  'Team Lead',
  'Analyst',
  'Head of R&D',
  'Buyer (EMEA)',
  'Führungskraft',
  'Responsable "Sécurité"',
  'Technician II / Night Shift',
  'Payroll Officer',
  '営業部長',
] as const;

/** Where guests come from: domains reserved for examples. */
export const GUEST_DOMAINS = ['brightwater.example', 'north-pier.example', 'mail.quarry.example'] as const;

function latin(words: string): Word[] {
  return words.split(' ').map((word) => [word, toAscii(word)]);
}

function toAscii(word: string): string {
  return Array.from(word.toLowerCase(), (letter) => LETTERS[letter] ?? letter)
    .join('')
    .normalize('NFD')
    .replaceAll(/[^a-z]/g, '');
}
