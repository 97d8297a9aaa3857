import type { InboundContent } from '../../core/message/content.ts';

export const described = (text: string, mark: string): InboundContent => ({ kind: 'described', text, mark });
