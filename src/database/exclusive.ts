/** Lets one in at a time, in the order of their asking. */
export interface Exclusive {
  /** Waits for its turn; whoever has it gives it back by calling what it got, once. */
  enter(): Promise<() => void>;
}

/** For a database with one connection: what belongs to one transaction must not mix with anything else. */
export function makeExclusive(): Exclusive {
  let last: Promise<void> = Promise.resolve();
  return {
    async enter() {
      const before = last;
      let leave: () => void = () => {};
      last = new Promise((resolve) => {
        leave = resolve;
      });
      await before;
      return leave;
    },
  };
}
