/** People who come back, as the same resource or as another one. */
import { describeSweep } from './describe-sweep.ts';

describeSweep('reactivate', { meanwhiles: ['nothing', 'delete'] });
describeSweep('return', { meanwhiles: ['nothing', 'disable'] });
describeSweep('repost', { meanwhiles: ['nothing', 'rename'] });
describeSweep('repost-by-address', { meanwhiles: ['nothing'] });
describeSweep('takeover', { meanwhiles: ['nothing'] });
