/** Makes something for a key when it is first asked for, and gives the same from then on, its failure too. */
export function onceEach<Result>(): (key: string, make: () => Promise<Result>) => Promise<Result> {
  const made = new Map<string, Promise<Result>>();
  return (key, make) => {
    const result = made.get(key) ?? make();
    made.set(key, result);
    return result;
  };
}
