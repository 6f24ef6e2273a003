/**
 * Zones that Rails has no name for, and other ids of those that it has, under the Rails name of equal rules: the same
 * offset all year from 2027 on (tz database 2026c), the nearest place where several are equal. Left out are zones that
 * no Rails zone equals, and EST and MST: as ids they have no summer time, which those who write them seldom mean.
 */

/** Rails name -> IANA ids, separated by blanks. */
export const EQUAL_ZONES: Readonly<Record<string, string>> = {
  Alaska: 'America/Anchorage America/Metlakatla America/Nome America/Sitka America/Yakutat US/Alaska',
  // British Columbia and Alberta stay on summer time since 2026; their zones keep the name that has Canada in it.
  'Pacific Time (US & Canada)': 'America/Vancouver Canada/Pacific PST8PDT US/Pacific US/Pacific-New',
  Tijuana: 'America/Ensenada America/Santa_Isabel Mexico/BajaNorte',
  'Mountain Time (US & Canada)': `
    America/Boise America/Cambridge_Bay America/Ciudad_Juarez America/Edmonton America/Inuvik
    America/Shiprock America/Yellowknife Canada/Mountain MST7MDT Navajo US/Mountain`,
  Arizona: `
    America/Creston America/Dawson America/Dawson_Creek America/Fort_Nelson America/Hermosillo
    America/Whitehorse Canada/Yukon Etc/GMT+7 US/Arizona`,
  Mazatlan: 'Mexico/BajaSur',
  'Central Time (US & Canada)': `
    America/Indiana/Knox America/Indiana/Tell_City America/Knox_IN America/Matamoros America/Menominee
    America/North_Dakota/Beulah America/North_Dakota/Center America/North_Dakota/New_Salem America/Ojinaga
    America/Rainy_River America/Rankin_Inlet America/Resolute America/Winnipeg CST6CDT Canada/Central
    US/Central US/Indiana-Starke`,
  Saskatchewan: 'America/Swift_Current Canada/East-Saskatchewan Canada/Saskatchewan',
  'Mexico City': 'America/Bahia_Banderas America/Merida Mexico/General',
  'Central America': `
    America/Belize America/Costa_Rica America/El_Salvador America/Managua America/Tegucigalpa Etc/GMT+6
    Pacific/Galapagos`,
  'Eastern Time (US & Canada)': `
    America/Detroit America/Grand_Turk America/Havana America/Indiana/Petersburg America/Indiana/Vincennes
    America/Indiana/Winamac America/Iqaluit America/Kentucky/Louisville America/Kentucky/Monticello
    America/Louisville America/Montreal America/Nassau America/Nipigon America/Pangnirtung
    America/Port-au-Prince America/Thunder_Bay America/Toronto Canada/Eastern Cuba EST5EDT US/Eastern
    US/Michigan`,
  'Indiana (East)': `
    America/Fort_Wayne America/Indiana/Marengo America/Indiana/Vevay America/Indianapolis US/East-Indiana`,
  Bogota: `
    America/Atikokan America/Cancun America/Cayman America/Coral_Harbour America/Eirunepe America/Jamaica
    America/Panama America/Porto_Acre America/Rio_Branco Brazil/Acre Etc/GMT+5 Jamaica`,
  Quito: 'America/Guayaquil',
  'Atlantic Time (Canada)': `
    America/Glace_Bay America/Goose_Bay America/Moncton America/Thule Atlantic/Bermuda Canada/Atlantic`,
  'La Paz': `
    America/Boa_Vista America/Campo_Grande America/Cuiaba America/Manaus America/Porto_Velho Brazil/West
    Etc/GMT+4`,
  Santiago: 'Chile/Continental',
  Newfoundland: 'Canada/Newfoundland',
  Brasilia: `
    America/Araguaina America/Bahia America/Belem America/Cayenne America/Fortaleza America/Maceio
    America/Paramaribo America/Recife America/Santarem Brazil/East Etc/GMT+3`,
  'Buenos Aires': `
    America/Argentina/Catamarca America/Argentina/ComodRivadavia America/Argentina/Cordoba
    America/Argentina/Jujuy America/Argentina/La_Rioja America/Argentina/Mendoza
    America/Argentina/Rio_Gallegos America/Argentina/Salta America/Argentina/San_Juan
    America/Argentina/San_Luis America/Argentina/Tucuman America/Argentina/Ushuaia America/Asuncion
    America/Buenos_Aires America/Catamarca America/Cordoba America/Coyhaique America/Jujuy America/Mendoza
    America/Punta_Arenas America/Rosario Antarctica/Palmer Antarctica/Rothera Atlantic/Stanley`,
  'Puerto Rico': `
    America/Anguilla America/Antigua America/Aruba America/Barbados America/Blanc-Sablon America/Curacao
    America/Dominica America/Grenada America/Guadeloupe America/Kralendijk America/Lower_Princes
    America/Marigot America/Martinique America/Montserrat America/Port_of_Spain America/Santo_Domingo
    America/St_Barthelemy America/St_Kitts America/St_Lucia America/St_Thomas America/St_Vincent
    America/Tortola America/Virgin`,
  Greenland: 'America/Nuuk America/Scoresbysund',
  Dublin: 'Eire',
  London: `
    Atlantic/Faeroe Atlantic/Faroe Europe/Belfast Europe/Guernsey Europe/Isle_of_Man Europe/Jersey GB
    GB-Eire`,
  Lisbon: 'Atlantic/Canary Atlantic/Madeira Portugal WET',
  Belgrade: 'Europe/Podgorica Europe/Tirane',
  Warsaw: 'Poland',
  Brussels: 'CET Europe/Luxembourg MET',
  Madrid: 'Africa/Ceuta Europe/Andorra Europe/Gibraltar',
  Paris: 'Europe/Monaco',
  Berlin: 'Arctic/Longyearbyen Atlantic/Jan_Mayen Europe/Oslo',
  Zurich: 'Europe/Busingen Europe/Vaduz',
  Rome: 'Europe/Malta Europe/San_Marino Europe/Vatican',
  Bucharest: 'Europe/Chisinau Europe/Tiraspol',
  Helsinki: 'Europe/Mariehamn',
  Kyiv: 'Europe/Kyiv Europe/Uzhgorod Europe/Zaporozhye',
  Athens: 'Asia/Beirut Asia/Famagusta Asia/Nicosia EET Europe/Nicosia',
  Istanbul: 'Asia/Istanbul Turkey',
  Moscow: 'Europe/Kirov Europe/Simferopol W-SU',
  Samara: 'Europe/Astrakhan Europe/Saratov Europe/Ulyanovsk',
  Casablanca: 'Africa/El_Aaiun',
  Monrovia: `
    Africa/Abidjan Africa/Accra Africa/Bamako Africa/Banjul Africa/Bissau Africa/Conakry Africa/Dakar
    Africa/Freetown Africa/Lome Africa/Nouakchott Africa/Ouagadougou Africa/Sao_Tome Africa/Timbuktu
    America/Danmarkshavn Atlantic/Reykjavik Atlantic/St_Helena Iceland`,
  'West Central Africa': `
    Africa/Bangui Africa/Brazzaville Africa/Douala Africa/Kinshasa Africa/Lagos Africa/Libreville
    Africa/Luanda Africa/Malabo Africa/Ndjamena Africa/Niamey Africa/Porto-Novo Africa/Tunis Etc/GMT-1`,
  Cairo: 'Egypt',
  Harare: `
    Africa/Blantyre Africa/Bujumbura Africa/Gaborone Africa/Juba Africa/Khartoum Africa/Kigali
    Africa/Lubumbashi Africa/Lusaka Africa/Maputo Africa/Tripoli Africa/Windhoek Libya`,
  Pretoria: 'Africa/Maseru Africa/Mbabane Etc/GMT-2',
  Nairobi: `
    Africa/Addis_Ababa Africa/Asmara Africa/Asmera Africa/Dar_es_Salaam Africa/Djibouti Africa/Kampala
    Africa/Mogadishu Antarctica/Syowa Etc/GMT-3 Indian/Antananarivo Indian/Comoro Indian/Mayotte`,
  Jerusalem: 'Asia/Tel_Aviv Israel',
  Riyadh: 'Asia/Aden Asia/Amman Asia/Bahrain Asia/Damascus Asia/Qatar',
  Tehran: 'Iran',
  'Abu Dhabi': 'Asia/Dubai Etc/GMT-4 Indian/Mahe Indian/Mauritius Indian/Reunion',
  Tashkent: `
    Antarctica/Mawson Antarctica/Vostok Asia/Aqtau Asia/Aqtobe Asia/Ashgabat Asia/Ashkhabad Asia/Atyrau
    Asia/Dushanbe Asia/Oral Asia/Qostanay Asia/Qyzylorda Asia/Samarkand Etc/GMT-5 Indian/Kerguelen
    Indian/Maldives`,
  'New Delhi': 'Asia/Calcutta',
  Kathmandu: 'Asia/Katmandu',
  Dhaka: 'Asia/Bishkek Asia/Dacca Asia/Omsk Asia/Thimbu Asia/Thimphu Etc/GMT-6 Indian/Chagos',
  Novosibirsk: 'Asia/Barnaul Asia/Tomsk',
  Rangoon: 'Asia/Yangon Indian/Cocos',
  Bangkok: 'Antarctica/Davis Asia/Phnom_Penh Asia/Vientiane Etc/GMT-7 Indian/Christmas',
  Hanoi: 'Asia/Ho_Chi_Minh Asia/Saigon',
  Jakarta: 'Asia/Pontianak',
  Krasnoyarsk: 'Asia/Hovd Asia/Novokuznetsk',
  Beijing: 'Asia/Harbin PRC',
  Chongqing: 'Asia/Chungking',
  'Hong Kong': 'Asia/Macao Asia/Macau Hongkong',
  Urumqi: 'Asia/Kashgar',
  'Kuala Lumpur': 'Asia/Kuching',
  Singapore: 'Asia/Brunei Asia/Makassar Asia/Manila Asia/Ujung_Pandang Etc/GMT-8 Singapore',
  Taipei: 'ROC',
  Ulaanbaatar: 'Asia/Choibalsan Asia/Ulan_Bator',
  Seoul: 'Asia/Pyongyang ROK',
  Tokyo: 'Asia/Dili Asia/Jayapura Etc/GMT-9 Japan Pacific/Palau',
  Yakutsk: 'Asia/Chita Asia/Khandyga',
  Vladivostok: 'Asia/Ust-Nera',
  Magadan: 'Asia/Sakhalin',
  Kamchatka: 'Asia/Anadyr',
  Perth: 'Antarctica/Casey Australia/West',
  Darwin: 'Australia/North',
  Adelaide: 'Australia/Broken_Hill Australia/South Australia/Yancowinna',
  Melbourne: 'Australia/Victoria',
  Sydney: 'Australia/ACT Australia/Canberra Australia/NSW',
  Brisbane: 'Australia/Lindeman Australia/Queensland',
  Hobart: 'Antarctica/Macquarie Australia/Currie Australia/Tasmania',
  'American Samoa': 'Etc/GMT+11 Pacific/Niue Pacific/Samoa US/Samoa',
  Hawaii: 'Etc/GMT+10 HST Pacific/Johnston Pacific/Rarotonga Pacific/Tahiti US/Hawaii',
  Guam: 'Pacific/Saipan',
  'Port Moresby': 'Antarctica/DumontDUrville Etc/GMT-10 Pacific/Chuuk Pacific/Truk Pacific/Yap',
  'Solomon Is.': `
    Etc/GMT-11 Pacific/Bougainville Pacific/Efate Pacific/Kosrae Pacific/Pohnpei Pacific/Ponape`,
  'Marshall Is.': `
    Etc/GMT-12 Kwajalein Pacific/Funafuti Pacific/Kwajalein Pacific/Nauru Pacific/Tarawa Pacific/Wake
    Pacific/Wallis`,
  Auckland: 'Antarctica/McMurdo Antarctica/South_Pole NZ',
  "Nuku'alofa": 'Etc/GMT-13 Pacific/Enderbury Pacific/Kanton',
  'Chatham Is.': 'NZ-CHAT',
  'Mid-Atlantic': 'America/Noronha Brazil/DeNoronha Etc/GMT+2',
  'Cape Verde Is.': 'Etc/GMT+1',
  UTC: `
    Etc/GMT Etc/GMT+0 Etc/GMT-0 Etc/GMT0 Etc/Greenwich Etc/UCT Etc/Universal Etc/Zulu GMT GMT+0 GMT-0 GMT0
    Greenwich UCT UTC Universal Zulu`,
};
