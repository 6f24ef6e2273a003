/** Leavers. */
import { describeSweep } from './describe-sweep.ts';

describeSweep('deactivate', {
  meanwhiles: ['nothing', 'rename', 'delete', 'disable', 'bounce', 'repost', 'repost-renamed'],
  overtaken: ['bounce'],
});
describeSweep('delete', { meanwhiles: ['nothing', 'repost'] });
describeSweep('create-and-leave', { meanwhiles: ['nothing', 'bounce'] });
describeSweep('leave-as-agent', { meanwhiles: ['nothing'] });
