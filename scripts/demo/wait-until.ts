import type { Feed } from '@chatferry/sandbox';
import { DemoFailure } from './demo-failure.ts';

/** What `look` finds. It looks now, and again after everything that happens in the sandbox. */
export function waitUntil<Found>(
  feed: Feed,
  limits: { readonly abort: AbortSignal; readonly patienceMs: number },
  describe: () => string,
  look: () => Found | null,
): Promise<Found> {
  const { abort, patienceMs } = limits;
  return new Promise((resolve, reject) => {
    const finish = (act: () => void) => {
      clearTimeout(timer);
      unsubscribe();
      abort.removeEventListener('abort', stop);
      act();
    };
    const lookAgain = () => {
      try {
        const found = look();
        if (found !== null) finish(() => resolve(found));
      } catch (cause) {
        finish(() => reject(cause));
      }
    };
    const stop = () => finish(() => reject(abort.reason));
    const giveUp = () =>
      finish(() => reject(new DemoFailure(`within ${patienceMs / 1_000} s there was no ${describe()}`)));
    const timer = setTimeout(giveUp, patienceMs);
    const unsubscribe = feed.subscribe(lookAgain);
    abort.addEventListener('abort', stop, { once: true });
    if (abort.aborted) stop();
    else lookAgain();
  });
}
