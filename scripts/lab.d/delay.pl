#!/usr/bin/perl
# Joins two interfaces, and holds back each frame that goes from one to the other:
#   delay.pl INTERFACE INTERFACE DELAY-MS JITTER-MS
# In user space, because many kernels come without netem. Frames keep their order.
use strict;
use warnings;
use Socket;
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

use constant {
    AF_PACKET              => 17,
    ETH_P_ALL              => 3,
    SIOCGIFINDEX           => 0x8933,
    SOL_PACKET             => 263,
    PACKET_IGNORE_OUTGOING => 23,
    FRAME_MAX              => 65_600,
};

my ($one, $other, $delay_ms, $jitter_ms) = @ARGV;
my @ways = map { { due => 0, frames => [], from => $_ } } open_interface($one), open_interface($other);
$ways[0]{to} = $ways[1]{from};
$ways[1]{to} = $ways[0]{from};
$| = 1;
print "up\n";

while (1) {
    my $now   = clock_gettime(CLOCK_MONOTONIC);
    my $until = undef;
    for my $way (@ways) {
        my $frames = $way->{frames};
        while (@$frames && $frames->[0][0] <= $now) {
            # A wire that is down loses what is sent, as wires do.
            send $way->{to}, (shift @$frames)->[1], 0;
        }
        next unless @$frames;
        my $wait = $frames->[0][0] - $now;
        $until = $wait if !defined $until || $wait < $until;
    }
    my $readable = '';
    vec($readable, fileno $_->{from}, 1) = 1 for @ways;
    next if select($readable, undef, undef, $until) <= 0;
    for my $way (@ways) {
        next unless vec $readable, fileno $way->{from}, 1;
        for (1 .. 64) {
            defined recv $way->{from}, my $frame, FRAME_MAX, MSG_DONTWAIT or last;
            my $due = clock_gettime(CLOCK_MONOTONIC)
                + ($delay_ms + rand(2 * $jitter_ms) - $jitter_ms) / 1000;
            $due = $way->{due} if $due < $way->{due};
            $way->{due} = $due;
            push @{ $way->{frames} }, [$due, $frame];
        }
    }
}

sub open_interface {
    my ($name) = @_;
    # With a protocol it would hear every interface until it is bound, and pass on what is nobody's business
    # here: a bridge that sees it come in on this side looks for its senders there from then on.
    socket my $socket, AF_PACKET, SOCK_RAW, 0 or die "socket: $!\n";
    setsockopt $socket, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1 or die "$name: $!\n";
    setsockopt $socket, SOL_SOCKET, SO_RCVBUF, 4 << 20 or die "$name: $!\n";
    my $request = pack 'a16 i x20', $name, 0;
    ioctl $socket, SIOCGIFINDEX, $request or die "$name: $!\n";
    my $index = unpack 'x16 i', $request;
    bind $socket, pack('S n i S C C a8', AF_PACKET, ETH_P_ALL, $index, 0, 0, 0, '')
        or die "bind to $name: $!\n";
    return $socket;
}
