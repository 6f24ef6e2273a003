/** One person under several resources: posted anew after a delete, twice at once, or under another name. */
import { describeSweep } from './describe-sweep.ts';

describeSweep('repost', { meanwhiles: ['nothing', 'rename'] });
describeSweep('repost-by-address', { meanwhiles: ['nothing'] });
describeSweep('takeover', { meanwhiles: ['nothing'] });
describeSweep('one-person-twice', { meanwhiles: ['nothing'] });
describeSweep('one-person-twice-first', { meanwhiles: ['disable'] });
