/** A child for tests of the runtime: an ops server, and nothing else to do. */
import { announcePorts, bindToParent, createMetrics, onShutdown, startOps } from '@fresh-scim/runtime';

const { registry } = createMetrics();
const ops = await startOps({ port: 0, registry, ready: async () => [] });
bindToParent(onShutdown([{ name: 'ops', run: () => ops.close() }]));
announcePorts({ ops: ops.port });
