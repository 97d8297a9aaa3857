import type { Feed } from '@chatferry/sandbox';
import { DemoFailure } from './demo-failure.ts';

/** How long a step may take before the demo gives up; a healthy one takes milliseconds. */
const patienceMs = 15_000;

/** What `look` finds: looked for now, and again after everything that happens in the sandbox. */
export function until<Found>(
  feed: Feed,
  wanted: () => string,
  abort: AbortSignal,
  look: () => Found | undefined,
): Promise<Found> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void) => {
      clearTimeout(timer);
      unsubscribe();
      abort.removeEventListener('abort', stopped);
      end();
    };
    const again = () => {
      try {
        const found = look();
        if (found !== undefined) settle(() => resolve(found));
      } catch (cause) {
        settle(() => reject(cause));
      }
    };
    const stopped = () => settle(() => reject(abort.reason));
    const timer = setTimeout(
      () => settle(() => reject(new DemoFailure(`within ${patienceMs / 1_000} s there was no ${wanted()}`))),
      patienceMs,
    );
    const unsubscribe = feed.subscribe(again);
    abort.addEventListener('abort', stopped, { once: true });
    if (abort.aborted) stopped();
    else again();
  });
}
