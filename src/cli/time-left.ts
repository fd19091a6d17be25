import type { Pace } from '../sample/rate';

/** `, 3.2 a second, 2 h 05 min left`; empty where there is no pace. */
export function timeLeft(pace: Pace | null): string {
  if (pace === null) return '';
  const { perSecond, secondsLeft } = pace;
  const speed =
    perSecond >= 1 ? `${perSecond.toFixed(1)} a second` : `${(perSecond * 60).toFixed(1)} a minute`;
  return `, ${speed}, ${duration(secondsLeft)} left`;
}

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
