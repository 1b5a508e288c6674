/** Layout of a grid of cards that all have the same size, in CSS pixels. */
export interface GridLayout {
  readonly columns: number;
  readonly cardWidth: number;
  readonly cardHeight: number;
  readonly gap: number;
}

/** Cards to render: those with an index from `first` up to, but without, `end`. */
export interface CardRange {
  readonly first: number;
  readonly end: number;
}

const minCardRem = 14.5;
/** Height of the text below a poster. */
const textRem = 7.5;
const gapRem = 1;
/** Rows above and below the visible ones, so that Tab and slow scrolling find the next row. */
const overscanRows = 2;

/** Plans the grid of a width. @param rem size of the root's font in pixels */
export const planGrid = (width: number, rem: number): GridLayout => {
  const gap = gapRem * rem;
  const columns = Math.max(1, Math.floor((width + gap) / (minCardRem * rem + gap)));
  const cardWidth = (width - gap * (columns - 1)) / columns;
  return { columns, cardWidth, cardHeight: (cardWidth * 9) / 16 + textRem * rem, gap };
};

/** Height of a grid with a number of cards. */
export const getGridHeight = ({ columns, cardHeight, gap }: GridLayout, count: number): number => {
  const rows = Math.ceil(count / columns);
  return rows === 0 ? 0 : rows * (cardHeight + gap) - gap;
};

/** Position of a card. */
export const getCardPosition = (
  { columns, cardWidth, cardHeight, gap }: GridLayout,
  index: number,
): { readonly left: number; readonly top: number } => ({
  left: (index % columns) * (cardWidth + gap),
  top: Math.floor(index / columns) * (cardHeight + gap),
});

/**
 * Finds the cards to render.
 *
 * @param visible part of the grid's height that is in the window, relative to the grid's top
 */
export const findCardRange = (
  { columns, cardHeight, gap }: GridLayout,
  count: number,
  visible: { readonly top: number; readonly bottom: number },
): CardRange => {
  const rowHeight = cardHeight + gap;
  const firstRow = Math.max(0, Math.floor(visible.top / rowHeight) - overscanRows);
  const endRow = Math.max(firstRow, Math.ceil(visible.bottom / rowHeight) + overscanRows);
  return { first: Math.min(count, firstRow * columns), end: Math.min(count, endRow * columns) };
};
