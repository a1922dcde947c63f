/* The plain C way to send a frame of sACN: packets made once, numbers and slots put in, one sendmmsg(2). */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { PACKET = 638, SEQUENCE = 111, SLOTS = 126, SLOT_COUNT = 512 };

struct loop {
    int socket, universes;
    struct sockaddr_in node;
    uint8_t *packets;
    struct iovec *parts;
    struct mmsghdr *messages;
};

/* `packets`: universes * PACKET bytes, laid out and kept by the caller; `address`: IPv4 in network order. */
struct loop *begin(int universes, uint8_t *packets, uint32_t address, int port)
{
    struct loop *loop = calloc(1, sizeof *loop);
    int room = 4 << 20;
    loop->socket = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    setsockopt(loop->socket, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room);
    loop->universes = universes;
    loop->packets = packets;
    loop->node.sin_family = AF_INET;
    loop->node.sin_port = htons(port);
    loop->node.sin_addr.s_addr = address;
    loop->parts = calloc(universes, sizeof *loop->parts);
    loop->messages = calloc(universes, sizeof *loop->messages);
    for (int i = 0; i < universes; i++) {
        loop->parts[i] = (struct iovec){packets + (size_t)i * PACKET, PACKET};
        loop->messages[i].msg_hdr = (struct msghdr){
            .msg_name = &loop->node, .msg_namelen = sizeof loop->node, .msg_iov = &loop->parts[i], .msg_iovlen = 1};
    }
    return loop;
}

/* Sends one frame, `levels` universes * 512; returns how many packets left. */
int frame(struct loop *loop, uint8_t number, const uint8_t *levels)
{
    int sent = 0;
    for (int i = 0; i < loop->universes; i++) {
        uint8_t *packet = loop->packets + (size_t)i * PACKET;
        packet[SEQUENCE] = number;
        memcpy(packet + SLOTS, levels + (size_t)i * SLOT_COUNT, SLOT_COUNT);
    }
    while (sent < loop->universes) {
        int left = sendmmsg(loop->socket, loop->messages + sent, loop->universes - sent, 0);
        if (left <= 0)
            break;
        sent += left;
    }
    return sent;
}
