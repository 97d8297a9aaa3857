/** Names no server: RFC 2606 reserves `.invalid`. What is called there is answered inside the process. */
export const testApiRoot = 'https://test-mode.invalid';
