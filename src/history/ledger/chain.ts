import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type PromotionRecord, recordSchema } from '../record.ts';

/** A line of the ledger: a record, and the hash of the line before. */
const lineSchema = z.strictObject({ previous: z.string().nullable(), record: recordSchema });

export interface LedgerLine {
  /** Of this line. */
  hash: string;
  record: PromotionRecord;
}

/** The records as lines that go on after the line with the hash `previous`. */
export function toLines(
  previous: string | null,
  records: readonly PromotionRecord[],
): { text: string; last: string | null } {
  let last = previous;
  let text = '';
  for (const record of records) {
    const line = JSON.stringify({ previous: last, record });
    last = hashLine(line);
    text += `${line}\n`;
  }
  return { text, last };
}

/** What the files of a ledger hold. */
export interface ReadLedger {
  lines: LedgerLine[];
  /** Where it is not as Sluice writes it; lines that cannot be read are not among the others. */
  problems: string[];
}

/** Reads the files, in their order, and follows the chain through them. */
export function readLines(files: readonly { path: string; text: string }[]): ReadLedger {
  const lines: LedgerLine[] = [];
  const problems: string[] = [];
  let last: string | null = null;
  for (const { path, text } of files) {
    for (const [index, line] of text.replace(/\n$/, '').split('\n').entries()) {
      const where = `${path}:${index + 1}`;
      const parsed = parseLine(line);
      if (parsed?.previous !== last)
        problems.push(`${where}: does not follow the line before: one was changed, added or taken away`);
      if (parsed) lines.push({ hash: hashLine(line), record: parsed.record });
      else problems.push(`${where}: is not a record as Sluice writes it`);
      last = hashLine(line);
    }
  }
  return { lines, problems };
}

function parseLine(line: string): z.output<typeof lineSchema> | null {
  try {
    return lineSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

function hashLine(line: string): string {
  return createHash('sha256').update(line).digest('hex');
}
