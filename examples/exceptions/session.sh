# The session of README.md, as typed. Run it with: irqlab run --echo session.sh
make
sudo insmod exceptions.ko
echo divide > /dev/exceptions
dmesg | grep -e 'divide error' -e RIP | head -n 2
echo reserved > /dev/exceptions
dmesg | grep segment-related
echo step > /dev/exceptions
dmesg | tail -n 1
cpu exception 8
dmesg | grep 'double fault:'
cpu exception 18
cpu nmi
cat /proc/interrupts | grep -e NMI -e MCE
