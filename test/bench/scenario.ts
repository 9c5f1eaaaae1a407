/** What was measured, by name; the unit ends the name (`openMs`, `peakMb`), a plain name is a count. */
export type Figures = Record<string, number>;

export interface Scenario {
  /** What is measured, for the table. */
  about: string;
  /** Left out of `--quick`, unless it is named. */
  isLong?: boolean;
  /** `isQuick`: in a few seconds, for CI. */
  measure(options: { isQuick: boolean }): Promise<Figures>;
}
