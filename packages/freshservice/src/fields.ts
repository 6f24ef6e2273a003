/** The fields that people have in an account, those that the company added included (documentation: Requester and Agent Fields). */
import { z, type ZodType } from 'zod';
import type { CallOptions } from './call.ts';
import { listed } from './endpoint.ts';
import type { Http } from './http.ts';

/** One field of a requester or an agent. */
export interface FieldDefinition {
  /** What it is called in `custom_fields`. Default fields of agents have names of their own: `work_phone`, `location`. */
  readonly name: string;
  /** Such as `custom_text` or `default_language`. */
  readonly type: string;
  /** What people see, in the account's language. */
  readonly label: string;
  /** Whether the portal insists on a value; whether the API does is not documented. */
  readonly required: boolean;
  /** What it may be set to, as it is to be sent; undefined when the answer names no choices. */
  readonly choices: readonly string[] | undefined;
}

/** Calls on field definitions. Every one may throw {@link FreshserviceError}. */
export interface Fields {
  /** All fields of requesters; no pages are documented. */
  requester(options: CallOptions): Promise<readonly FieldDefinition[]>;
  /** All fields of agents; no pages are documented. Choices are not documented for them. */
  agent(options: CallOptions): Promise<readonly FieldDefinition[]>;
}

const text = z.string().catch('');
const flag = z.boolean().catch(false);
/** One choice of a list: its text, or a record or a row that begins with it. */
const choice = z.union([
  z.string(),
  z.object({ value: z.string() }).transform(({ value }) => value),
  z.tuple([z.string()], z.unknown()).transform(([value]) => value),
]);
/** A list for dropdowns; language and time zone have an object, code to label. */
const choices = z
  .union([z.array(choice), z.record(z.string(), z.unknown()).transform((labels) => Object.keys(labels))])
  .optional()
  .catch(undefined)
  .transform((values) => (values?.length === 0 ? undefined : values));

/** Only the name is demanded: without it a field means nothing. */
const shared = { name: z.string().min(1), type: text, choices };

const requesterFieldSchema = z
  .object({ ...shared, label: text, required_for_agents: flag })
  .transform(({ required_for_agents: required, ...field }): FieldDefinition => ({ ...field, required }));

const agentFieldSchema = z
  .object({ ...shared, label_for_admins: text, mandatory_for_admins: flag })
  .transform(
    ({ label_for_admins: label, mandatory_for_admins: required, ...field }): FieldDefinition => ({
      ...field,
      label,
      required,
    }),
  );

const requesterFields = listed('requester_fields', requesterFieldSchema);
const agentFields = listed('agent_fields', agentFieldSchema);

export function fieldsOf(http: Http): Fields {
  const list = async (
    path: string,
    answer: ZodType<readonly FieldDefinition[]>,
    options: CallOptions,
  ): Promise<readonly FieldDefinition[]> => {
    const at = { route: path, path, bucket: 'overall', namesOneRecord: false } as const;
    return (await http.call({ method: 'GET', ...at, answer }, options)).value;
  };
  return {
    requester: (options) => list('/requester_fields', requesterFields, options),
    agent: (options) => list('/agent_fields', agentFields, options),
  };
}
