// The ways in which a simulated call can go wrong, and whether the write it carried was applied first.

/** Names of faults. `-after` and `-before` say whether the request took effect; 504, slow-body and truncated-json did. */
export const FAULT_KINDS = [
  '429',
  '500',
  '500-after',
  '502-html',
  '503',
  '504-after',
  'reset-before',
  'reset-after',
  'hang-before',
  'hang-after',
  'truncated-json',
  'html-200',
  'slow-body',
] as const;

/** One kind of fault. */
export type FaultKind = (typeof FAULT_KINDS)[number];

const AFTER_EFFECT: ReadonlySet<FaultKind> = new Set<FaultKind>([
  '500-after',
  '504-after',
  'reset-after',
  'hang-after',
  'truncated-json',
  'slow-body',
]);

/** Whether the request takes effect before it goes wrong. */
export function isAfterEffect(kind: FaultKind): boolean {
  return AFTER_EFFECT.has(kind);
}
