interface Waiting<T> {
  item: T;
  resolve: () => void;
  reject: (error: unknown) => void;
}

export interface Batching {
  mostInBatch: number;
  /** Whether an error comes from what one item says: then the others are written without it. */
  isOfOne: (error: unknown) => boolean;
}

/** What was given while the last batch was on its way goes with the next one: one commit for many, and no waiting. */
export function makeBatcher<T>(
  write: (batch: readonly T[]) => Promise<void>,
  { mostInBatch, isOfOne }: Batching,
): (item: T) => Promise<void> {
  let waiting: Waiting<T>[] = [];
  let isWriting = false;

  const writeBatch = async (batch: readonly Waiting<T>[]): Promise<void> => {
    try {
      await write(batch.map(({ item }) => item));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (batch.length > 1 && isOfOne(error)) for (const each of batch) await writeBatch([each]);
      else for (const { reject } of batch) reject(error);
    }
  };

  const writeAll = async () => {
    isWriting = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, mostInBatch);
      waiting = waiting.slice(mostInBatch);
      await writeBatch(batch);
    }
    isWriting = false;
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!isWriting) void writeAll();
    });
}
