/** People who change. */
import { describeSweep } from './describe-sweep.ts';

describeSweep('change', {
  meanwhiles: ['nothing', 'rename', 'delete', 'disable', 'bounce', 'repost', 'repost-renamed'],
  overtaken: ['disable'],
});
describeSweep('address-moves-on', { meanwhiles: ['nothing'] });
describeSweep('rename', { meanwhiles: ['nothing', 'rename'], overtaken: ['rename'] });
