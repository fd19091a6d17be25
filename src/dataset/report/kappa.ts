/** How often each verdict of one reviewer met each of another: `table[i][j]` traces got verdict `i` of one and `j` of the other. */
export type Confusion = readonly (readonly number[])[];

/**
 * Cohen's kappa of two reviewers who judged the same traces: how far they agree beyond what they would by chance,
 * `(p_o - p_e) / (1 - p_e)`, where `p_o` is the share of traces on which they agree and `p_e` the one to be expected if each gave
 * their verdicts as often as they do but at random (J. Cohen, "A Coefficient of Agreement for Nominal Scales", Educational
 * and Psychological Measurement 20(1), 1960, p. 40). -1..1; 1 for full agreement, 0 for no more than chance. Null where it is
 * undefined: no trace was judged by both, or both only ever said the same one verdict, so that chance explains everything.
 */
export function cohensKappa(table: Confusion): number | null {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  const rows = table.map(sum);
  const total = sum(rows);
  if (total === 0) return null;
  const columns = table.map((_, j) => sum(table.map((row) => row[j] ?? 0)));
  const agreed = sum(table.map((row, i) => row[i] ?? 0));
  // In whole numbers, times the square of the total: whether chance explains everything is then exact.
  const chance = sum(rows.map((count, i) => count * (columns[i] ?? 0)));
  const most = total * total;
  return chance === most ? null : (agreed * total - chance) / (most - chance);
}
