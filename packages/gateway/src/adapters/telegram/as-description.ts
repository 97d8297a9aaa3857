import type { InboundContent } from '../../core/message/content.ts';

export const asDescription = (text: string, mark: string): InboundContent => ({ kind: 'described', text, mark });
