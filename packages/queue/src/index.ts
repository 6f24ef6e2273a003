/** The public face of the queue package: how a key wakes a worker, and how its outcome is told to BullMQ. */
export { type Lane, type QueueScope } from './names.ts';
export { type ConnectionQueues, type LaneCounts, openQueues } from './queues.ts';
export { type Outcome } from './outcome.ts';
export { type Waker, type WakerOptions, createWaker } from './wake.ts';
export { type Consumer, type ConsumerEvent, type ConsumerOptions, createConsumer } from './consume.ts';
export { type DueKeys } from './sweep.ts';
