/** People who are new to Freshservice, or were there before. */
import { describeSweep } from './describe-sweep.ts';

describeSweep('create', {
  meanwhiles: ['nothing', 'rename', 'delete', 'disable', 'bounce', 'repost', 'repost-renamed'],
  overtaken: ['rename'],
});
describeSweep('adopt', { meanwhiles: ['nothing', 'delete'] });
describeSweep('adopt-inactive', { meanwhiles: ['nothing'] });
