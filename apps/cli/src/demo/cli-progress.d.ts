// The part of cli-progress that is used here; the package brings no types.
declare module 'cli-progress' {
  export class SingleBar {
    constructor(options: {
      format: string;
      stream?: NodeJS.WritableStream;
      hideCursor?: boolean;
      clearOnComplete?: boolean;
      linewrap?: boolean;
    });
    start(total: number, value: number, payload: Record<string, string | number>): void;
    setTotal(total: number): void;
    update(value: number, payload: Record<string, string | number>): void;
    stop(): void;
  }
}
