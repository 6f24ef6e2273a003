/** People who come back as the same resource. */
import { describeSweep } from './describe-sweep.ts';

describeSweep('reactivate', { meanwhiles: ['nothing', 'delete'] });
describeSweep('return', { meanwhiles: ['nothing', 'disable'] });
