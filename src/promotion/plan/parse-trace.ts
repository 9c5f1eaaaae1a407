import { z } from 'zod';

/** A gate as its trace tells of it. */
export type ReadGate = z.output<typeof gateSchema>;

const text = z.string();
const gateSchema = z.object({
  /** Whose gate it is, in a group. */
  application: text.optional(),
  gate: text,
  kind: text.nullable(),
  state: z.enum(['passed', 'waiting', 'failed', 'overridden']),
  /** Markdown. */
  reason: text,
  /** ISO 8601. */
  since: text.optional(),
  override: z.object({ by: text, reason: text, url: text }).optional(),
  /** What it was judged by, as `traceFacts` writes it. */
  facts: z.json(),
});

const traceSchema = z.object({ gates: z.array(z.unknown()) });

/** The gates that a check run's text tells of; null when it holds no trace. What was cut off is not there. */
export function parseTrace(text: string): ReadGate[] | null {
  const json = /```json\r?\n([\s\S]*?)\r?\n```/.exec(text)?.[1];
  const trace = json === undefined ? null : traceSchema.safeParse(parseJson(json));
  if (!trace?.success) return null;
  return trace.data.gates.flatMap((each) => {
    const gate = gateSchema.safeParse(each);
    return gate.success ? [gate.data] : [];
  });
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
