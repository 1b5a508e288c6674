import { api, getBody } from "../api/client.ts";
import { type ChannelData, createChannelData } from "./channel-data.ts";

/** Appearances per page. */
const pageSize = 24;

const createData = (name: string): ChannelData =>
  createChannelData({
    async readHighlights({ label, etag, signal }) {
      const { data, response } = await api.GET("/channels/{name}/highlights", {
        params: {
          path: { name },
          query: { limit: pageSize, ...(label === undefined ? {} : { label }) },
          header: etag === undefined ? {} : { "if-none-match": etag },
        },
        signal,
      });
      return { document: data, etag: response.headers.get("etag") ?? undefined };
    },
    readAppearances: ({ label, cursor, signal }) =>
      getBody(
        api.GET("/channels/{name}/appearances", {
          params: {
            path: { name },
            query: { limit: pageSize, cursor, ...(label === undefined ? {} : { label }) },
          },
          signal,
        }),
      ),
  });

const dataByChannel = new Map<string, ChannelData>();

/** Finds the data of a channel: going back to it shows at once what was known. */
export const findChannelData = (name: string): ChannelData => {
  const data = dataByChannel.get(name) ?? createData(name);
  dataByChannel.set(name, data);
  return data;
};
