/** Whether a text has the form of a serial number: two capital letters and six digits. */
export function isSerial(text: string): boolean {
  return /^[A-Z]{2}\d{6}$/.test(text)
}
