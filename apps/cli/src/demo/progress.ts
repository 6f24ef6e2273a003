// How far the demo is: a bar on a terminal, a line every few seconds elsewhere.
import { SingleBar } from 'cli-progress';
import type { Io } from '../io.ts';
import { toDuration } from '../words/time.ts';

const LINE_EVERY_MS = 5_000;

/** What is shown at one moment of a cycle. */
export interface Moment {
  /** People of this cycle, and how many of them are in step. */
  readonly people: number;
  readonly done: number;
  /** SCIM requests that Entra sent, over all cycles. */
  readonly requests: number;
  /** Of this cycle. */
  readonly managers: number;
  readonly waiting: number;
  readonly calls: number;
  readonly secondsLeft: number | undefined;
}

/** Shows the moments of one cycle. */
export interface ProgressView {
  show(moment: Moment): void;
  end(): void;
}

/** A view for one cycle, under its name. */
export function openProgress(cycle: string, io: Io): ProgressView {
  return io.isTerminal ? barView(cycle) : lineView(cycle, io);
}

function barView(cycle: string): ProgressView {
  const bar = new SingleBar({
    format: `${cycle.padEnd(14)} [{bar}] {done}/{total} | {requests} requests | {waiting} waiting | {calls} calls | {left} left`,
    stream: process.stderr,
    hideCursor: true,
    linewrap: false,
  });
  bar.start(1, 0, { requests: 0, waiting: 0, calls: 0, left: '?', done: 0 });
  return {
    show: (moment) => {
      const { people, done, requests, waiting, calls } = moment;
      bar.setTotal(Math.max(1, people));
      bar.update(done, { requests, waiting, calls, done, left: leftOf(moment) });
    },
    end: () => bar.stop(),
  };
}

function lineView(cycle: string, io: Io): ProgressView {
  let last: Moment | undefined;
  let shownAt = performance.now();
  const print = (moment: Moment): void => {
    const { people, done, requests, managers, waiting, calls } = moment;
    io.hint(
      `${cycle}: ${done} of ${people} people in step, ${requests} requests, ${managers} managers, ${waiting} waiting, ${calls} calls, ${leftOf(moment)} left`,
    );
    shownAt = performance.now();
  };
  return {
    show: (moment) => {
      last = moment;
      if (performance.now() - shownAt >= LINE_EVERY_MS) print(moment);
    },
    end: () => {
      if (last !== undefined) print(last);
    },
  };
}

function leftOf({ secondsLeft }: Moment): string {
  return secondsLeft === undefined ? '?' : toDuration(secondsLeft);
}
