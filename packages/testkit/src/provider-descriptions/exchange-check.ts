import type { Exchange } from '@chatferry/sandbox';
import { exceptionFor } from './exceptions.ts';
import { createHubspotCheck } from './hubspot-check.ts';
import { createIntercomCheck } from './intercom-check.ts';
import type { CheckedExchange, ProviderCheck } from './provider-check.ts';
import { createTelegramCheck } from './telegram-check.ts';
import type { Violation } from './violation.ts';

export interface CheckOptions {
  /** The folder with HubSpot's descriptions. */
  readonly hubspotFolder?: string | undefined;
}

/** A check of exchanges with all providers. An exchange has the violations for which there is no exception. */
export function createExchangeCheck({ hubspotFolder }: CheckOptions = {}): ProviderCheck {
  const checks: Readonly<Record<Exchange['provider'], ProviderCheck>> = {
    telegram: createTelegramCheck(),
    intercom: createIntercomCheck(),
    hubspot: createHubspotCheck(hubspotFolder),
  };
  return {
    async check(exchange): Promise<CheckedExchange> {
      const checked = await checks[exchange.provider].check(exchange);
      const violations: Violation[] = [];
      const excepted: string[] = [];
      for (const violation of checked.violations) {
        const exception = exceptionFor(violation);
        if (exception) excepted.push(exception.why);
        else violations.push(violation);
      }
      return { ...checked, violations, excepted };
    },
  };
}
