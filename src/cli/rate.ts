/** How fast work goes, and so how long the rest will take. */
export class Rate {
  private readonly began = Date.now();
  private done = 0;

  /** One more is done. */
  add(): void {
    this.done++;
  }

  /** `, 3.2 a second, 2 h 05 min left`; empty while nothing is done, or nothing is left. */
  timeLeft(count: number, now = Date.now()): string {
    const seconds = (now - this.began) / 1000;
    if (this.done === 0 || seconds <= 0 || count <= 0) return '';
    const rate = this.done / seconds;
    const speed = rate >= 1 ? `${rate.toFixed(1)} a second` : `${(rate * 60).toFixed(1)} a minute`;
    return `, ${speed}, ${duration(count / rate)} left`;
  }
}

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
