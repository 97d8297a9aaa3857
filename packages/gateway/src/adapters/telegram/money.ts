/** “12.50 EUR”, “50 stars”. Telegram: amounts count the smallest unit of a currency; XTR are its own stars. */
export function moneyText(amount: number, currency: string): string {
  if (currency === 'XTR') return `${amount} ${amount === 1 ? 'star' : 'stars'}`;
  const digits = fractionDigits(currency);
  return `${(amount / 10 ** digits).toFixed(digits)} ${currency}`;
}

function fractionDigits(currency: string): number {
  if (!/^[A-Z]{3}$/.test(currency)) return 0;
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}
