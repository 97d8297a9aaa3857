import type { InboundContent } from '../../core/message/content.ts';
import type { MarkText } from '../../core/message/mark-text.ts';

export const asDescription = (text: string, mark: MarkText): InboundContent => ({ kind: 'described', text, mark });
