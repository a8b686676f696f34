/** Numbers that look random and are the same in every run. */
export interface Random {
  /** A whole number from 0 up to, but not including, `limit`; 0 where that is 0. */
  below(limit: number): number;
}

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return {
    below(limit) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * limit);
    },
  };
}
