// PATCH and filters as two other libraries have them, behind one form, to compare ours with where all should agree.

import { Messages, Schemas, Types } from 'scimmy';
import { scimPatch } from 'scim-patch';
import type { ScimPatchOperation } from 'scim-patch';
import { applyPatch } from '../patch/apply.ts';
import { parsePatch } from '../patch/parse.ts';
import { isJsonObject } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { CORE_USER, ENTERPRISE_USER, PATCH_MESSAGE } from '../urns.ts';

/** The person after the operations, without what has no value, without schemas, id and meta. */
export type Patcher = (source: JsonObject, operations: readonly Operation[]) => Promise<JsonObject>;

/** An operation in the RFC's form. */
export type Operation = { op: 'add' | 'replace' | 'remove'; path?: string; value?: JsonValue };

export const ours: Patcher = async (source, operations) =>
  canonical(
    applyPatch('User', source, parsePatch('User', { schemas: [PATCH_MESSAGE], Operations: operations })),
  );

export const scimPatchs: Patcher = async (source, operations) =>
  canonical(
    scimPatch(
      {
        ...structuredClone(source),
        schemas: [CORE_USER],
        meta: { created: new Date(0), lastModified: new Date(0) },
      },
      structuredClone(operations) as unknown as ScimPatchOperation[], // the same JSON; its type wants a union
      { mutateDocument: false, treatMissingAsAdd: true },
    ),
  );

Schemas.User.definition.extend(Schemas.EnterpriseUser.definition, false);

export const scimmys: Patcher = async (source, operations) => {
  const person = new Schemas.User({ schemas: [CORE_USER, ENTERPRISE_USER], ...source }, 'in');
  const patch = new Messages.PatchOp({
    schemas: [PATCH_MESSAGE],
    Operations: operations.map((operation) => structuredClone(operation)),
  });
  // Nothing comes back when nothing has changed.
  return canonical((await patch.apply(person)) ?? person);
};

/** True when scimmy's filter finds the person. */
export function isFoundByScimmy(filter: string, person: JsonObject): boolean {
  return new Types.Filter(filter).match([structuredClone(person)]).length > 0;
}

/** Unassigned is null is empty (RFC 7643 §2.5), so that only what has a value is compared. */
function canonical(person: unknown): JsonObject {
  const {
    schemas: _schemas,
    id: _id,
    meta: _meta,
    ...rest
  } = JSON.parse(JSON.stringify(person)) as JsonObject;
  const kept = withoutEmpty(rest);
  return isJsonObject(kept) ? kept : {};
}

function withoutEmpty(value: JsonValue): JsonValue | undefined {
  if (Array.isArray(value)) {
    const elements = value.flatMap((element) => withoutEmpty(element) ?? []);
    return elements.length > 0 ? elements : undefined;
  }
  if (isJsonObject(value)) {
    const parts = Object.entries(value).flatMap(([name, part]) => {
      const kept = withoutEmpty(part);
      return kept === undefined ? [] : [[name, kept] as const];
    });
    return parts.length > 0 ? Object.fromEntries(parts) : undefined;
  }
  return value ?? undefined;
}
