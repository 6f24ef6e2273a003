// Closed lists of the API: languages and time zones. The zones are the public Rails display names.

/** Codes of `language`, from the API page's requester_fields. */
export const LANGUAGES: ReadonlySet<string> = new Set(
  (
    'ar ca zh-CN cs da nl en et fi fr de hu id it ja-JP ko nb-NO pl pt-BR pt-PT ru-RU sk sl es es-LA sv-SE th tr ' +
    'vi cy-GB'
  ).split(' '),
);

/** Values of `time_format`. */
export const TIME_FORMATS: ReadonlySet<string> = new Set(['12h', '24h']);

const AMERICA =
  'Alaska|Pacific Time (US & Canada)|Tijuana|Mountain Time (US & Canada)|Arizona|Chihuahua|Mazatlan|' +
  'Central Time (US & Canada)|Saskatchewan|Mexico City|Guadalajara|Monterrey|Central America|' +
  'Eastern Time (US & Canada)|Indiana (East)|Bogota|Lima|Quito|Atlantic Time (Canada)|Caracas|La Paz|Santiago|' +
  'Newfoundland|Brasilia|Buenos Aires|Montevideo|Georgetown|Puerto Rico|Greenland';
const EUROPE =
  'Dublin|London|Edinburgh|Lisbon|Belgrade|Bratislava|Budapest|Ljubljana|Prague|Sarajevo|Skopje|Warsaw|Zagreb|' +
  'Brussels|Copenhagen|Madrid|Paris|Amsterdam|Berlin|Zurich|Bern|Rome|Stockholm|Vienna|Bucharest|Helsinki|Kyiv|' +
  'Riga|Sofia|Tallinn|Vilnius|Athens|Istanbul|Minsk|Kaliningrad|Moscow|St. Petersburg|Volgograd|Samara';
const AFRICA = 'Casablanca|Monrovia|West Central Africa|Cairo|Harare|Pretoria|Nairobi';
const ASIA =
  'Jerusalem|Kuwait|Riyadh|Baghdad|Tehran|Abu Dhabi|Muscat|Baku|Tbilisi|Yerevan|Kabul|Ekaterinburg|Karachi|' +
  'Islamabad|Tashkent|New Delhi|Chennai|Kolkata|Mumbai|Kathmandu|Dhaka|Astana|Sri Jayawardenepura|Almaty|' +
  'Novosibirsk|Rangoon|Bangkok|Hanoi|Jakarta|Krasnoyarsk|Beijing|Chongqing|Hong Kong|Urumqi|Kuala Lumpur|' +
  'Singapore|Taipei|Irkutsk|Ulaanbaatar|Seoul|Tokyo|Osaka|Sapporo|Yakutsk|Vladivostok|Magadan|Srednekolymsk|' +
  'Kamchatka';
const OCEANS =
  'Perth|Darwin|Adelaide|Melbourne|Canberra|Sydney|Brisbane|Hobart|International Date Line West|Midway Island|' +
  'American Samoa|Hawaii|Guam|Port Moresby|Solomon Is.|New Caledonia|Fiji|Marshall Is.|Auckland|Wellington|' +
  "Nuku'alofa|Tokelau Is.|Chatham Is.|Samoa|Mid-Atlantic|Azores|Cape Verde Is.|UTC";

/** Names of `time_zone`. */
export const TIME_ZONES: ReadonlySet<string> = new Set(
  [AMERICA, EUROPE, AFRICA, ASIA, OCEANS].flatMap((names) => names.split('|')),
);
