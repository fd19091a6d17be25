/** Scores of a benchmark's rows by what kind of question each is. */
export interface KindScores {
  readonly kind: string;
  readonly count: number;
  readonly mean: number;
}

/** What a benchmark comes to: kinds of questions in groups, and the mean of the kinds' means, each counting the same. */
export interface MacroAverage {
  readonly groups: readonly { readonly name: string; readonly kinds: readonly KindScores[] }[];
  /** Null where no row is of a kind that the benchmark knows. */
  readonly overall: number | null;
}

interface Group {
  readonly name: string;
  readonly kinds: readonly string[];
}

const VSI: readonly Group[] = [
  {
    name: 'multiple choice',
    kinds: ['object_rel_distance', 'object_rel_direction', 'route_planning', 'obj_appearance_order'],
  },
  {
    name: 'numerical',
    kinds: ['object_counting', 'object_abs_distance', 'object_size_estimation', 'room_size_estimation'],
  },
];

const withViews = (kinds: readonly string[]): string[] => kinds.flatMap((kind) => [kind, `${kind}_mv`]);

const SPAR: readonly Group[] = [
  {
    name: 'low',
    kinds: withViews([
      'depth_prediction_oc',
      'depth_prediction_oo',
      'distance_prediction_oc',
      'distance_prediction_oo',
    ]),
  },
  { name: 'medium', kinds: ['position_matching', 'camera_motion_infer', 'view_change_infer'] },
  {
    name: 'high',
    kinds: [
      ...withViews(['distance_infer_center_oo']),
      'obj_spatial_relation_oc_mv',
      ...withViews(['obj_spatial_relation_oo', 'spatial_imagination_oc', 'spatial_imagination_oo']),
    ],
  },
];

/** The benchmarks whose average is one of kinds, as upstream's evaluation has them. */
export const BENCHMARKS = ['vsi-bench', 'spar-bench'] as const;
export type Benchmark = (typeof BENCHMARKS)[number];

const GROUPS: Readonly<Record<Benchmark, readonly Group[]>> = { 'vsi-bench': VSI, 'spar-bench': SPAR };

/**
 * The macro average of rows. VSI-Bench's kinds of three difficulties count as one kind: all scores of `K_easy`, `K_medium` and
 * `K_hard` together.
 */
export function macroAverage(
  benchmark: Benchmark,
  rows: Iterable<{ readonly kind: string; readonly score: number }>,
): MacroAverage {
  const sums = new Map<string, { count: number; sum: number }>();
  for (const { kind, score } of rows) {
    const name = benchmark === 'vsi-bench' ? kind.replace(/_(?:easy|medium|hard).*$/s, '') : kind;
    const { count, sum } = sums.get(name) ?? { count: 0, sum: 0 };
    sums.set(name, { count: count + 1, sum: sum + score });
  }
  const groups = GROUPS[benchmark].map(({ name, kinds }) => ({
    name,
    kinds: kinds.flatMap((kind) => {
      const scores = sums.get(kind);
      return scores === undefined ? [] : [{ kind, count: scores.count, mean: scores.sum / scores.count }];
    }),
  }));
  const means = groups.flatMap(({ kinds }) => kinds.map(({ mean }) => mean));
  const overall = means.length === 0 ? null : means.reduce((sum, mean) => sum + mean, 0) / means.length;
  return { groups, overall };
}
