/** The function, with its latest results kept: it must give the same for the same text. */
export function remember<Result>(most: number, make: (text: string) => Result): (text: string) => Result {
  const made = new Map<string, Result>();
  return (text) => {
    const known = made.get(text);
    if (known !== undefined) return known;
    if (made.size >= most) made.clear();
    const result = make(text);
    made.set(text, result);
    return result;
  };
}
