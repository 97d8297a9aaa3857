import type { KeyName } from '../../store/idempotency.ts';
import { releasesKey } from './claim-delivery.ts';
import type { Delivery, DeliveryRequest } from './delivery.ts';

export interface DeliverClaimedDeps {
  readonly deliver: (request: DeliveryRequest) => Promise<Delivery>;
  readonly releaseKey: (name: KeyName, requestId: string) => Promise<void>;
}

/** Whether nothing was sent and nothing will be, so that the same key may deliver the message later. */
const mayDeliverAgain = (delivery: Delivery): boolean =>
  delivery.kind === 'not-sent' || (delivery.kind === 'failed' && releasesKey(delivery.failure.name));

/**
 * Delivers under the key that the intent names, which the caller has claimed, and releases the key if nothing was sent. If
 * `keepsKey` returns true then, the key stays claimed: the caller stores a final refusal under it. A message that may have
 * been sent always keeps its key.
 */
export async function deliverClaimed(
  { deliver, releaseKey }: DeliverClaimedDeps,
  request: DeliveryRequest,
  keepsKey: () => boolean = () => false,
): Promise<Delivery> {
  const { idempotency: name, requestId } = request.intent;
  const release = async () => {
    if (name !== null) await releaseKey(name, requestId);
  };
  let delivery: Delivery;
  try {
    delivery = await deliver(request);
  } catch (cause) {
    await release();
    throw cause;
  }
  if (mayDeliverAgain(delivery) && !keepsKey()) await release();
  return delivery;
}
