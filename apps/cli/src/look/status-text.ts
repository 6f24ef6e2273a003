// The status as people read it.
import { toTable } from '../table.ts';
import { toDuration } from '../words/time.ts';
import type { ConnectionStatus, StatusDocument } from './connection-status.ts';

/** Redis, a line for each connection, and what more is to be said of some. */
export function toStatusText(status: StatusDocument): string {
  const { version, usedMemoryBytes, problems } = status.redis;
  const memory = usedMemoryBytes === null ? '' : `, ${Math.round(usedMemoryBytes / 1_048_576)} MB`;
  return [
    `Redis ${version ?? 'of unknown version'}${memory}${problems.length === 0 ? '' : `: ${problems.join('; ')}`}`,
    '',
    toTable(
      [
        'CONNECTION',
        'STATE',
        'PEOPLE',
        'UNMANAGED',
        'WAITING',
        'OLDEST',
        'ASIDE',
        'LEAVERS',
        'HELD',
        'NOTES',
        'CALLS/MIN',
        'TIME LEFT',
      ],
      status.connections.map(toRow),
    ),
    ...status.connections.flatMap(({ name, reason }) => (reason === null ? [] : [`${name}: ${reason}`])),
    ...status.connections.flatMap(toGroupsLine),
  ].join('\n');
}

function toGroupsLine({ name, resources, groupsNotApplied }: ConnectionStatus): string[] {
  if (groupsNotApplied === 0) return [];
  return [`${name}: ${groupsNotApplied} of ${resources.groups} groups are stored and not applied yet`];
}

function toRow(row: ConnectionStatus): (string | number)[] {
  const { callsPerMinute, share, usedLastMinute } = row.budget;
  const limit = callsPerMinute === null ? '?' : Math.floor(callsPerMinute * share);
  return [
    row.name,
    row.state,
    row.resources.users,
    row.resources.unmanaged,
    row.dirty,
    row.oldestDirtySeconds === null ? '-' : toDuration(row.oldestDirtySeconds),
    row.parked,
    row.parkedLeavers,
    row.held,
    row.notes,
    `${usedLastMinute} of ${limit}`,
    row.etaSeconds === null ? '-' : toDuration(row.etaSeconds),
  ];
}
