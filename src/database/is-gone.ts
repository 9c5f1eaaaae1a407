/** Tables or schemas that are not there: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const GONE = new Set(['42P01', '3F000']);

/** Whether an error says that the tables are not there. */
export function isGone(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string' && GONE.has(error.code)) return true;
  return /relation "[^"]*" does not exist|schema "[^"]*" does not exist|Queue .* does not exist/i.test(
    error.message,
  );
}
